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

  /// - Returns: nil where the server takes no more for now.
  func faultsUnlessLimited() async -> [String]? {
    do { return try await send() } catch is Limited { return nil } catch { return ["\(error)"] }
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
    var isLimited = false
    for probe in probes {
      if let found = await probe.faultsUnlessLimited() { faults += found } else { isLimited = true }
    }
    if isLimited, faults.isEmpty {
      return report.add(name, .notChecked("\(Limited())"))
    }
    report.add(name, faults: faults)
  }
}
