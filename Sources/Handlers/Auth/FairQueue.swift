/// How much may wait at once.
struct FairShares: Sendable {
  /// Of one account at one address.
  var perAccount = 4
  var perAddress = 24
  var total = 64
}

/// What waits for its turn, in shares: addresses take turns, and within an address its accounts, so that whoever sends
/// most waits longest and nobody else does. It is bounded in all, by address and by account; where it is full, the
/// newcomer takes the place of the newest of whoever has most waiting.
///
/// Linear in what waits, which its bounds keep small.
struct FairQueue<Element> {
  enum Admission {
    /// It waits. If something else had to go for it, that is to be turned away.
    case waits(displaced: Element?)
    /// Its account or address has its share waiting already, or too many others wait.
    case full
  }

  private struct Account {
    let name: String
    var waiting: [Element]
  }

  private struct Address {
    let name: String
    /// In the order of their turns.
    var accounts: [Account] = []
    var count: Int { accounts.reduce(0) { $0 + $1.waiting.count } }
  }

  let shares: FairShares
  /// In the order of their turns. None is empty.
  private var addresses: [Address] = []
  private(set) var count = 0

  init(shares: FairShares = FairShares()) {
    self.shares = shares
  }

  mutating func push(_ element: Element, address: String, account: String) -> Admission {
    let own = addresses.firstIndex { $0.name == address }
    let ownCount = own.map { addresses[$0].count } ?? 0
    let accountCount = own.map { waiting(of: account, at: $0) } ?? 0
    guard accountCount < shares.perAccount else { return .full }
    var displaced: Element?
    if let own, ownCount >= shares.perAddress {
      guard let newest = takeNewest(at: own, beyond: accountCount + 1) else { return .full }
      displaced = newest
    } else if count >= shares.total {
      guard let most = addresses.indices.max(by: { addresses[$0].count < addresses[$1].count }) else { return .full }
      // Of one address with all the places, an account with fewer than another may still have one.
      let beyond = most == own ? accountCount + 1 : 0
      guard most == own || addresses[most].count > ownCount + 1, let newest = takeNewest(at: most, beyond: beyond)
      else { return .full }
      displaced = newest
    }
    append(element, address: address, account: account)
    return .waits(displaced: displaced)
  }

  mutating func pop() -> Element? {
    guard !addresses.isEmpty else { return nil }
    var address = addresses.removeFirst()
    var account = address.accounts.removeFirst()
    let element = account.waiting.removeFirst()
    if !account.waiting.isEmpty { address.accounts.append(account) }
    if !address.accounts.isEmpty { addresses.append(address) }
    count -= 1
    return element
  }

  private func waiting(of account: String, at address: Int) -> Int {
    addresses[address].accounts.first { $0.name == account }?.waiting.count ?? 0
  }

  /// Takes the newest element of the account that has most waiting, if those are more than `limit`.
  private mutating func takeNewest(at address: Int, beyond limit: Int) -> Element? {
    let accounts = addresses[address].accounts
    // Of several the last one, whose turn is the farthest.
    guard let most = accounts.map(\.waiting.count).max(), most > limit,
      let index = accounts.lastIndex(where: { $0.waiting.count == most })
    else { return nil }
    count -= 1
    let newest = addresses[address].accounts[index].waiting.removeLast()
    if addresses[address].accounts[index].waiting.isEmpty { addresses[address].accounts.remove(at: index) }
    if addresses[address].accounts.isEmpty { addresses.remove(at: address) }
    return newest
  }

  private mutating func append(_ element: Element, address: String, account: String) {
    count += 1
    guard let index = addresses.firstIndex(where: { $0.name == address }) else {
      addresses.append(Address(name: address, accounts: [Account(name: account, waiting: [element])]))
      return
    }
    if let place = addresses[index].accounts.firstIndex(where: { $0.name == account }) {
      addresses[index].accounts[place].waiting.append(element)
    } else {
      addresses[index].accounts.append(Account(name: account, waiting: [element]))
    }
  }
}
