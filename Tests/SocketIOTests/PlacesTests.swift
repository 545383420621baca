import Testing

@testable import SocketIO

@Suite("Places for connections")
struct PlacesTests {
  private var places = Places()
  private var limits = Places.Limits()

  private mutating func take(_ address: String? = nil, isNewcomer: Bool = true) -> (Places.Place?, [UInt64]) {
    let answer = self.places.reserve(address: address, loop: 3, isNewcomer: isNewcomer, limits: self.limits)
    guard case .reserved(let place, let evicted) = answer else { return (nil, []) }
    #expect(evicted.allSatisfy { $0.loop == 3 })
    return (place, evicted.map(\.number))
  }

  private mutating func place(_ address: String? = nil) throws -> Places.Place {
    let (place, evicted) = self.take(address)
    #expect(evicted.isEmpty)
    return try #require(place)
  }

  @Test("where there is none left, the oldest newcomer makes place; who has come in stays")
  mutating func oldestMakesPlace() throws {
    self.limits.connections = 3
    var first = try self.place()
    let second = try self.place()
    var third = try self.place()
    let firstIsIn = self.places.comeIn(&first)
    #expect(firstIsIn && !first.isNewcomer)
    let (fourth, evicted) = self.take()
    #expect(evicted == [second.number])
    // Told or not, the second one's place is another's.
    self.places.release(second)
    #expect(self.places.count == 3)
    var late = second
    let lateIsIn = self.places.comeIn(&late)
    #expect(!lateIsIn)
    var last = try #require(fourth)
    let thirdIsIn = self.places.comeIn(&third)
    let lastIsIn = self.places.comeIn(&last)
    #expect(thirdIsIn && lastIsIn)
    let full = self.places.reserve(address: nil, loop: 0, limits: self.limits)
    #expect(full == .full)
    for place in [first, third, last] { self.places.release(place) }
    #expect(self.places.count == 0)
  }

  @Test("of one address only so many are newcomers, and of another's nobody makes place for them")
  mutating func newcomersOfAddress() throws {
    self.limits.newcomersOfAddress = 2
    let other = try self.place("other")
    let first = try self.place("a")
    var second = try self.place("a")
    let evicted = self.take("a").1
    #expect(evicted == [first.number])
    // One that is in counts no more.
    let isIn = self.places.comeIn(&second)
    #expect(isIn)
    let none = self.take("a").1
    #expect(none.isEmpty)
    let otherStays = self.places.move(other, to: 4)
    let firstStays = self.places.move(first, to: 4)
    #expect(otherStays && !firstStays)
  }

  @Test("of one address only so many connections, of which newcomers make place for others")
  mutating func connectionsOfAddress() throws {
    self.limits.connectionsOfAddress = 2
    var first = try self.place("a")
    let second = try self.place("a")
    let isIn = self.places.comeIn(&first)
    #expect(isIn)
    let (third, evicted) = self.take("a")
    #expect(evicted == [second.number])
    var last = try #require(third)
    let lastIsIn = self.places.comeIn(&last)
    #expect(lastIsIn)
    let tooMany = self.places.reserve(address: "a", loop: 0, limits: self.limits)
    #expect(tooMany == .tooManyOfAddress)
    self.places.release(first)
    let again = self.take("a").0
    #expect(again != nil)
  }

  @Test("whatever comes and goes, the oldest makes place, and no place is lost or given twice")
  mutating func random() {
    var generator = SystemRandomNumberGenerator()
    self.limits = Places.Limits(connections: 20, connectionsOfAddress: 12, newcomersOfAddress: 5)
    var held: [UInt64: Places.Place] = [:]
    var lost: [Places.Place] = []
    for _ in 0..<20_000 {
      let some = held.values.randomElement(using: &generator)
      switch Int.random(in: 0...4, using: &generator) {
      case 0, 1:
        let address = ["a", "b", "c", nil].randomElement(using: &generator) ?? nil
        let expected = self.evictions(held, for: address)
        let (place, evicted) = self.take(address)
        #expect((place == nil) == (expected == nil))
        #expect(evicted == expected ?? [])
        for number in evicted {
          if let place = held.removeValue(forKey: number) { lost.append(place) }
        }
        if let place { held[place.number] = place }
      case 2:
        guard var place = some else { continue }
        let isIn = self.places.comeIn(&place)
        #expect(isIn)
        held[place.number] = place
      case 3:
        // It may not have heard yet that its place is another's.
        guard var place = lost.randomElement(using: &generator) else { continue }
        let isThere = self.places.move(place, to: 3)
        self.places.release(place)
        let isIn = self.places.comeIn(&place)
        #expect(!isThere && !isIn)
      default:
        guard let place = some else { continue }
        self.places.release(place)
        held[place.number] = nil
      }
      #expect(self.places.count == held.count)
    }
    for place in held.values { self.places.release(place) }
    #expect(self.places.count == 0)
  }

  /// Who makes place for one more; nil if nobody can.
  private func evictions(_ held: [UInt64: Places.Place], for address: String?) -> [UInt64]? {
    var newcomers = held.values.filter(\.isNewcomer).map { (number: $0.number, address: $0.address) }
    newcomers.sort { $0.number < $1.number }
    var evicted: [UInt64] = []
    if let address {
      let oldest = newcomers.first { $0.address == address }?.number
      if held.values.count(where: { $0.address == address }) >= self.limits.connectionsOfAddress {
        guard let oldest else { return nil }
        evicted.append(oldest)
      } else if newcomers.count(where: { $0.address == address }) >= self.limits.newcomersOfAddress, let oldest {
        evicted.append(oldest)
      }
    }
    if held.count - evicted.count >= self.limits.connections {
      guard let oldest = newcomers.first(where: { !evicted.contains($0.number) }) else { return nil }
      evicted.append(oldest.number)
    }
    return evicted
  }
}
