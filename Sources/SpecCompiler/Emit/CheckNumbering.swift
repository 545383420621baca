/// Gives a number to each check that is emitted, for a build in which a test switches off each by itself, and so sees
/// whether anything notices.
///
/// Numbered is what the server reads of a client: a type that only answers have is never checked by it.
final class CheckNumbering {
  /// What can be done to a check, as `NumberedCheck.Kind` of ProtocolRuntime has it.
  enum Kind: String {
    case bound, rule, fallback, limit
  }

  /// Whose check it is: a type or an operation, or a property or parameter of it.
  struct Place {
    let name: String
    let location: SourceLocation
  }

  struct Check {
    let kind: Kind
    let keyword: String
    let place: Place
  }

  /// A check's number is its place here.
  private(set) var checks: [Check] = []
  private let readTypes: Set<String>
  /// Nil while something is emitted that the server does not read.
  private var owner: Place?
  private var part: Place?

  init(_ model: ProtocolModel) { readTypes = ReadTypes(model).names }

  /// What `emit` emits belongs to a type.
  func within(_ declaration: TypeDeclaration, _ emit: () -> Void) {
    guard readTypes.contains(declaration.name) else { return emit() }
    within(Place(name: declaration.name, location: declaration.location), emit)
  }

  /// The same of an operation or event.
  func within(_ place: Place, _ emit: () -> Void) {
    owner = place
    emit()
    (owner, part) = (nil, nil)
  }

  /// What comes next belongs to a property or parameter of the same; nil ends that.
  func goOn(to name: String?, _ location: SourceLocation) {
    guard let owner else { return }
    part = name.map { Place(name: "\(owner.name) /\($0)", location: location) }
  }

  func number(_ kind: Kind, _ keyword: String) -> Int? {
    guard let place = part ?? owner else { return nil }
    checks.append(Check(kind: kind, keyword: keyword, place: place))
    return checks.count - 1
  }
}
