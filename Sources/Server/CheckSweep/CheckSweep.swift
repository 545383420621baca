#if NUMBERED_CHECKS
  import Contract
  import Generated
  import NIOPosix
  import ProtocolRuntime
  import ServiceLifecycle
  import Synchronization
  import Verification

  /// Switches off each check of the generated code, and shifts each bound, one at a time, in the process that serves:
  /// what `letschat verify` sends must get other answers then. A check that can go unnoticed is decoration.
  final class CheckSweep: Service {
    /// A probe, what it says while all checks are on, and which checks it asks.
    private struct Observed {
      let group: String
      let probe: Probe
      let faults: [String]
      let met: Set<Int>
    }

    /// What is switched off. The probes of other checks are more than the limits let through, so that there must be none.
    enum Subject: Sendable {
      case allButLimits
      /// On a server that goes by this clock.
      case limits(SweepClock)
    }

    private let subject: Subject
    private let port: Int
    private let known: KnownUnnoticed
    private let failed = Atomic(false)

    init(_ subject: Subject, port: Int, known: KnownUnnoticed) {
      self.subject = subject
      self.port = port
      self.known = known
    }

    /// Whether something went unnoticed that is not known to, or was noticed that is.
    var hasFailed: Bool { failed.load(ordering: .sequentiallyConsistent) }

    func run() async throws {
      guard let address = ServerAddress("http://127.0.0.1:\(port)") else { return }
      let verifier = Verifier(address: address, group: .singletonMultiThreadedEventLoopGroup)
      let contract = try await contract(verifier)
      var observed: [NumberedCheck.Kind: [Observed]] = [:]
      for (kinds, groups) in await probes(verifier, contract) {
        let met = await observe(groups)
        for kind in kinds { observed[kind] = met }
      }
      var met: Set<String> = []
      var counts = (changes: 0, noticed: 0)
      for check in numberedChecks {
        for (name, change) in Self.changes(of: check) {
          let key = "\(check.name) \(name)"
          met.insert(key)
          guard let observed = observed[check.kind] else { continue }
          counts.changes += 1
          if await isNoticed(check.number, change, observed) {
            counts.noticed += 1
            if known.reasons[key] != nil { fail("noticed, and on the list", key, check) }
          } else if known.reasons[key] == nil {
            fail("not noticed", key, check)
          }
        }
      }
      for key in known.reasons.keys.sorted() where !met.contains(key) { fail("on the list, and no check", key, nil) }
      say(
        "\(numberedChecks.count { observed[$0.kind] != nil }) checks; \(counts.changes) changes, \(counts.noticed) noticed, "
          + "\(counts.changes - counts.noticed) not")
    }

    /// What is sent for which checks. Defaults have probes of their own, which take too long to be sent for others.
    private func probes(
      _ verifier: Verifier, _ contract: Contract
    ) async -> [(kinds: [NumberedCheck.Kind], groups: [ProbeGroup])] {
      switch subject {
      case .allButLimits:
        [([.rule, .bound], await verifier.probes(of: contract)), ([.fallback], verifier.defaultProbes(of: contract))]
      case .limits(let clock): [([.limit], await verifier.limitProbes(of: contract) { clock.skipDay() })]
      }
    }

    /// The documents, once the server answers.
    ///
    /// - Throws: what keeps it from answering for a minute.
    private func contract(_ verifier: Verifier) async throws -> Contract {
      let deadline = ContinuousClock.now + .seconds(60)
      while true {
        do { return try await verifier.contract() } catch {
          guard ContinuousClock.now < deadline else { throw error }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
    }

    /// Sends all probes while every check is on. One that does not say the same twice can notice nothing.
    private func observe(_ groups: [ProbeGroup]) async -> [Observed] {
      var observed: [Observed] = []
      var restless = 0
      for group in groups {
        for probe in group.probes {
          _ = Checks.takeMet()
          let faults = await probe.faults()
          let met = Checks.takeMet()
          for fault in faults { say("with all checks on: \(group.name): \(fault)") }
          if await probe.faults() == faults {
            observed.append(Observed(group: group.name, probe: probe, faults: faults, met: met))
          } else {
            restless += 1
            say("restless: \(group.name): \(faults.prefix(2))")
          }
        }
      }
      say("\(observed.count) probes, \(restless) restless")
      return observed
    }

    private static func changes(of check: NumberedCheck) -> [(String, Checks.Change)] {
      switch check.kind {
      case .rule, .fallback, .limit: [("off", .off)]
      case .bound: [("off", .off), ("one less", .shifted(-1)), ("one more", .shifted(1))]
      }
    }

    /// Whether one of the probes that ask the check says something else while it is changed.
    private func isNoticed(_ number: Int, _ change: Checks.Change, _ observed: [Observed]) async -> Bool {
      Checks.set((number, change))
      defer { Checks.set(nil) }
      for each in observed where each.met.contains(number) {
        if await each.probe.faults() != each.faults { return true }
      }
      return false
    }

    private func fail(_ what: String, _ key: String, _ check: NumberedCheck?) {
      failed.store(true, ordering: .sequentiallyConsistent)
      say("\(what): \(check?.place ?? ""): \(key)")
    }

    private func say(_ line: String) { Startup.print(line) }
  }
#endif
