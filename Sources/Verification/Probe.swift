/// One thing that is sent to a server, or one story that is played, and what is wrong with what comes back.
public struct Probe: Sendable {
  private let send: @Sendable () async throws -> [String]

  init(_ send: @escaping @Sendable () async throws -> [String]) { self.send = send }

  /// Sends it, as often as one likes.
  ///
  /// - Returns: a line for each thing that is wrong, none where nothing is.
  public func faults() async -> [String] {
    do { return try await send() } catch { return ["\(error)"] }
  }

  /// - Returns: what is wrong, or why that can't be found out for now.
  func result() async -> (faults: [String], obstacle: String?) {
    do {
      return (try await send(), nil)
    } catch let error as Limited {
      return ([], "\(error)")
    } catch let error as NotChecked {
      return ([], "\(error)")
    } catch {
      return (["\(error)"], nil)
    }
  }
}

/// The probes of one check of a report.
public struct ProbeGroup: Sendable {
  public let name: String
  public let probes: [Probe]
  /// Why there are none.
  let obstacle: String?

  init(_ name: String, _ probes: [Probe]) {
    self.name = name
    self.probes = probes
    obstacle = nil
  }

  init(_ name: String, obstacle: String) {
    self.name = name
    probes = []
    self.obstacle = obstacle
  }

  func run(_ report: inout Report) async {
    if let obstacle { return report.add(name, .notChecked(obstacle)) }
    var faults: [String] = []
    var met: String?
    for probe in probes {
      let (found, obstacle) = await probe.result()
      faults += found
      met = met ?? obstacle
    }
    if let met, faults.isEmpty { return report.add(name, .notChecked(met)) }
    report.add(name, faults: faults)
  }
}
