/// What the files of one tag hold, or those of what no tag has to itself.
struct FileGroup {
  /// What their names begin with: `Chats` in ChatsTypes.swift.
  let name: String
  var types: [TypeDeclaration] = []
  var operations: [Operation] = []
  var clientEvents: [ClientEvent] = []

  /// The name of the group of what has no tag of its own.
  static let shared = "Shared"

  /// Of the group that a tag's files are in. SpecPlugin has this rule once more.
  ///
  /// - Returns: nil for a tag that would be no name of a file everywhere.
  static func name(of tag: String) -> String? {
    guard let first = tag.first, first.isASCII, first.isLetter,
      tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else { return nil }
    return first.uppercased() + tag.dropFirst()
  }

  /// The names of a group's files, in the order in which they are emitted.
  static func fileNames(_ name: String) -> [String] {
    ["Types", "Codecs", "Operations", "Dispatch"].map { "\(name)\($0).swift" }
  }

  /// The groups of these tags, each once, and the shared one.
  static func names(_ tags: [String]) -> [String] {
    // Of two that differ in case alone, which are one file on some disks, the second has none.
    var seen: Set<String> = [shared.lowercased()]
    return tags.compactMap(name(of:)).filter { seen.insert($0.lowercased()).inserted } + [shared]
  }

  /// Puts all of a model into groups.
  ///
  /// A type is where its YAML is: with the tag that its file's folder is named after. Elsewhere it is with the only tag
  /// that uses it, and shared if there is none or more than one.
  static func groups(of model: ProtocolModel, tags: [String]) -> [FileGroup] {
    let names = names(tags)
    let uses = TypeUses(model)
    func place(_ tag: String?) -> Int {
      tag.flatMap(name(of:)).flatMap(names.firstIndex) ?? names.count - 1
    }
    var groups = names.map { FileGroup(name: $0) }
    for type in model.types {
      let folder = type.location.file.split(separator: "/").dropLast().last.map(String.init)
      let isOfFolder = folder.flatMap(name(of:)).map { $0 != shared && names.contains($0) } ?? false
      groups[place(isOfFolder ? folder : uses.onlyTag(of: type.name))].types.append(type)
    }
    for operation in model.operations { groups[place(operation.tag)].operations.append(operation) }
    for event in model.clientEvents { groups[place(event.tag)].clientEvents.append(event) }
    return groups
  }
}
