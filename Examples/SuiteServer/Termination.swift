import Dispatch
import Glibc

extension SuiteServer {
  /// Returns at SIGTERM or SIGINT.
  static func terminated() async {
    await withCheckedContinuation { continuation in
      let queue = DispatchQueue(label: "signals")
      let sources = [SIGTERM, SIGINT].map { signal in
        Glibc.signal(signal, SIG_IGN)
        return DispatchSource.makeSignalSource(signal: signal, queue: queue)
      }
      for source in sources {
        source.setEventHandler {
          // Once, whichever comes first.
          guard !sources[0].isCancelled else { return }
          for source in sources { source.cancel() }
          continuation.resume()
        }
        source.resume()
      }
    }
  }
}
