import ProtocolRuntime
import Testing

/// Which addresses count as one.
struct ClientNetworkTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "::ffff:192.0.2.1", true),
    ("2001:db8:0:1::1", "2001:DB8:0:1:ffff::", true), ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
    ("2001:db8:0:1::1", "2001:db9:0:1::1", false), ("::1", "::2", true), ("::1", "127.0.0.1", false),
    ("unix", "", true), ("unix", "192.0.2.1", false), ("192.0.2.1", "192.0.2.01", false),
  ])
  func addresses(_ one: String, _ other: String, _ areOne: Bool) {
    #expect((ClientNetwork(one) == ClientNetwork(other)) == areOne)
  }
}
