import Testing

@testable import Handlers

/// Guards that nobody's logins can be shut out by what others send: in shares, by address and by account.
struct FairQueueTests {
  /// Elements are `address/account`, with a number.
  private static func push(_ name: String, _ queue: inout FairQueue<String>) -> String {
    let parts = name.split(separator: "/")
    let admission = queue.push(name, address: String(parts[0]), account: String(parts[1].prefix { $0 != "#" }))
    return switch admission {
    case .waits(nil): "waits"
    case .waits(.some(let displaced)): "for \(displaced)"
    case .full: "full"
    }
  }

  private static func drain(_ queue: inout FairQueue<String>) -> [String] {
    var order: [String] = []
    while let next = queue.pop() { order.append(next) }
    return order
  }

  @Test func `addresses take turns, and so do the accounts of one`() {
    var queue = FairQueue<String>()
    for name in ["A/x#1", "A/x#2", "A/x#3", "A/y#1", "B/z#1", "B/z#2", "C/x#1"] {
      #expect(Self.push(name, &queue) == "waits")
    }
    #expect(queue.count == 7)
    #expect(Self.drain(&queue) == ["A/x#1", "B/z#1", "C/x#1", "A/y#1", "B/z#2", "A/x#2", "A/x#3"])
    #expect(queue.count == 0)
    #expect(queue.pop() == nil)
  }

  @Test func `an account has its bound, and an address its own`() {
    var queue = FairQueue<String>(shares: FairShares(perAccount: 2, perAddress: 3, total: 10))
    #expect(Self.push("A/x#1", &queue) == "waits")
    #expect(Self.push("A/x#2", &queue) == "waits")
    #expect(Self.push("A/x#3", &queue) == "full")
    #expect(Self.push("A/y#1", &queue) == "waits")
    // The address is full: an account that has nothing waiting gets the newest place of the one that has most.
    #expect(Self.push("A/z#1", &queue) == "for A/x#2")
    #expect(Self.push("A/w#1", &queue) == "full")
    // Elsewhere all of it goes on.
    #expect(Self.push("B/x#1", &queue) == "waits")
    #expect(Self.drain(&queue) == ["A/x#1", "B/x#1", "A/y#1", "A/z#1"])
  }

  @Test func `where all places are taken, the newcomer gets one of whoever has most`() {
    var queue = FairQueue<String>(shares: FairShares(perAccount: 4, perAddress: 4, total: 4))
    for name in ["A/x#1", "A/x#2", "A/y#1", "A/z#1"] { #expect(Self.push(name, &queue) == "waits") }
    #expect(Self.push("B/x#1", &queue) == "for A/x#2")
    #expect(Self.push("C/x#1", &queue) == "for A/z#1")
    // Everybody has at most one more than a newcomer would.
    #expect(Self.push("D/x#1", &queue) == "for A/y#1")
    #expect(Self.push("E/x#1", &queue) == "full")
    #expect(queue.count == 4)
    #expect(Self.drain(&queue) == ["A/x#1", "B/x#1", "C/x#1", "D/x#1"])
  }

  /// 150 connections that send unknown names, each another as soon as one is answered, left a user 1 of 58 logins.
  @Test func `a flood from one address takes at most every other turn from the rest`() {
    var queue = FairQueue<String>()
    var flood = 0
    var turns = 0
    for login in 0..<58 {
      while flood < (login + 1) * 150 {
        flood += 1
        _ = Self.push("A/nobody\(flood)#1", &queue)
      }
      #expect(Self.push("B/user#\(login)", &queue) == "waits")
      repeat { turns += 1 } while queue.pop() != "B/user#\(login)"
    }
    #expect(turns <= 2 * 58)
  }

  @Test func `an address is its network, in whatever way it is written`() {
    func share(_ address: String) -> String { HashingShare(address: address, account: "x").address }
    #expect(share("192.0.2.1") == "192.0.2.1")
    #expect(share("::ffff:192.0.2.1") == "192.0.2.1")
    #expect(share("2001:db8:0:1::1") == share("2001:0DB8:0000:0001:ffff::2"))
    #expect(share("2001:db8:0:1::1") != share("2001:db8:0:2::1"))
    #expect(share("fe80::1%eth0") == share("fe80::2"))
    #expect(share("unix") == "unix")
  }

  @Test func `who came in from where is forgotten by halves`() {
    let familiar = FamiliarAddresses()
    let (ada, grace) = (ID.v7(), ID.v7())
    familiar.insert(ada, address: "192.0.2.1")
    #expect(familiar.contains(ada, address: "192.0.2.1"))
    #expect(!familiar.contains(ada, address: "192.0.2.2"))
    #expect(!familiar.contains(grace, address: "192.0.2.1"))
    for _ in 0..<FamiliarAddresses.capacity { familiar.insert(.v7(), address: "192.0.2.3") }
    #expect(familiar.contains(ada, address: "192.0.2.1"))
    for _ in 0..<FamiliarAddresses.capacity { familiar.insert(.v7(), address: "192.0.2.3") }
    #expect(!familiar.contains(ada, address: "192.0.2.1"))
  }
}
