/// More was asked of a server than it lets one ask: nothing is wrong, and nothing more can be found out for now.
struct Limited: Error, CustomStringConvertible {
  var description: String { "the server limits how often one may ask; --accounts, or no limits there, help" }
}
