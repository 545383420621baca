import ProtocolRuntime
import Testing

@testable import Handlers

@Suite struct DeliveryTablesTests {
  @Test func `numbers of UUIDs agree with a dictionary`() {
    var numbers = UUIDNumbers()
    var model: [ID: UInt32] = [:]
    // Alike in their last bits, so that they get into each other's way.
    let keys = (0..<300).map { ID(high: UInt64($0), low: UInt64($0 % 7) << 8) }
    for _ in 0..<20_000 {
      let key = keys[Int.random(in: keys.indices)]
      if let number = model[key] {
        #expect(numbers.number(of: key) == number)
        numbers.remove(number)
        numbers.release(number)
        model[key] = nil
      } else {
        let number = numbers.add(key)
        #expect(!model.values.contains(number) && number < keys.count)
        model[key] = number
      }
    }
    for key in keys { #expect(numbers.number(of: key) == model[key]) }
    #expect(Set(numbers.all) == Set(model.keys) && numbers.all.count == model.count)
  }

  @Test func `a number is nobody's until it is released`() {
    let registry = ConnectionRegistry()
    let ada = Caller(userID: .v7(), sessionID: .v7())
    let grace = Caller(userID: .v7(), sessionID: .v7())
    registry.register(ConnectionID(rawValue: 1), caller: ada)
    let first = registry.number(of: ada.userID)
    let departure = registry.remove(ConnectionID(rawValue: 1))
    #expect(departure?.isLast == true && departure?.user == first && first != nil)
    registry.register(ConnectionID(rawValue: 2), caller: ada)
    registry.register(ConnectionID(rawValue: 3), caller: grace)
    #expect(registry.number(of: ada.userID) != first && registry.number(of: grace.userID) != first)
    if let first { registry.release(first) }
    let hedy = Caller(userID: .v7(), sessionID: .v7())
    registry.register(ConnectionID(rawValue: 4), caller: hedy)
    #expect(registry.number(of: hedy.userID) == first)
  }

  @Test func `local users agree with a set`() {
    var users = LocalUsers()
    var model: Set<UInt32> = []
    for round in 0..<20_000 {
      // Few at times, many at others.
      let user = UInt32.random(in: 0..<(round % 2_000 < 1_000 ? 3 : 40))
      if Bool.random() {
        let isNew = users.insert(user)
        let isNewInModel = model.insert(user).inserted
        #expect(isNew == isNewInModel)
      } else {
        users.remove(user)
        model.remove(user)
      }
      #expect(users.contains(user) == model.contains(user))
      #expect(users.isEmpty == model.isEmpty)
    }
    #expect(Array(users).sorted() == model.sorted())
  }

  @Test func `a stream that is taken out leaves its place to the one that is put back`() {
    var table = ChatStreamTable()
    let chats = (0..<50).map { _ in ID.v7() }
    for (rev, chat) in chats.enumerated() { table[chat] = ChatStream(head: rev, headSeq: 0) }
    for (rev, chat) in chats.enumerated() {
      let stream = table.takeOut(chat)
      #expect(stream?.head == rev && table[chat] == nil)
      table[chat] = rev % 2 == 0 ? stream : nil
    }
    #expect(Set(table.keys) == Set(chats.indices.filter { $0 % 2 == 0 }.map { chats[$0] }))
    for (rev, chat) in chats.enumerated() { #expect(table[chat]?.head == (rev % 2 == 0 ? rev : nil)) }
  }
}
