import Glibc
import NIOCore

@testable import SocketIO

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The build gives a program's entry this name; libFuzzer's own is not linked then.
@_cdecl("FuzzSocketIO_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runFuzzer(&count, &arguments, testOneInput)
}

/// Called by libFuzzer with what it made up. FUZZ_TARGET says which part gets it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
  switch Target.chosen {
  case .webSocket: WebSocketTarget.play(bytes)
  case .payload: PayloadTarget.play(bytes)
  case .session: SessionTarget.play(bytes)
  case .recovery: RecoveryTarget.play(bytes)
  }
  return 0
}

enum Target: String {
  /// A client's bytes on a WebSocket, up to whole messages.
  case webSocket = "websocket"
  /// The body of a POST.
  case payload
  /// Engine.IO packets into both state machines, with the application's decisions between them.
  case session
  /// The `auth` of a client that wants its state back, private ids and offsets.
  case recovery

  static let chosen: Target = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let target = Target(rawValue: name) else {
      fatalError("FUZZ_TARGET is websocket, payload, session or recovery")
    }
    return target
  }()
}
