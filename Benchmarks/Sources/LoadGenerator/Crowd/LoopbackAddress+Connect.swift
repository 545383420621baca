import Glibc
import NIOCore

extension LoopbackAddress {
  /// A non-blocking TCP socket that has begun to connect.
  ///
  /// - Parameter number: Which of many: they come from sixteen addresses, 127.0.0.2 to 127.0.0.17, since one has only
  ///   some 28,000 ports. IPv6 has one loopback address only.
  func connect(from number: Int) throws -> CInt {
    let isIPv4 = socketAddress.protocol == .inet
    let descriptor = socket(isIPv4 ? AF_INET : AF_INET6, CInt(SOCK_STREAM.rawValue) | O_NONBLOCK, 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    do {
      var yes: CInt = 1
      let size = socklen_t(MemoryLayout<CInt>.size)
      setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, size)
      if isIPv4 {
        // The port is chosen when the whole connection is known, so that two to different servers may share it.
        setsockopt(descriptor, CInt(IPPROTO_IP), Self.bindAddressNoPort, &yes, size)
        let source = try SocketAddress(ipAddress: "127.0.0.\(2 + number % 16)", port: 0)
        let bound = source.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
        guard bound == 0 else { throw SystemError("bind") }
      }
      let result = socketAddress.withSockAddr { Glibc.connect(descriptor, $0, socklen_t($1)) }
      guard result == 0 || errno == EINPROGRESS else { throw SystemError("connect") }
      return descriptor
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// IP_BIND_ADDRESS_NO_PORT of linux/in.h, which Swift's Glibc module leaves out.
  private static let bindAddressNoPort: CInt = 24
}
