/// The kind of a diagnostic. Its name is public: tools filter by it, and docs/diagnostics.md tells what it means.
public enum Rule: String, CaseIterable, Sendable {
  // Files and YAML
  case unreadableFile = "unreadable-file"
  case unwatchedFile = "unwatched-file"
  case invalidYAML = "invalid-yaml"
  case yamlAnchor = "yaml-anchor"
  case yamlTag = "yaml-tag"
  case tabIndentation = "tab-indentation"
  case duplicateKey = "duplicate-key"
  case invalidKey = "invalid-key"
  case inexactNumber = "inexact-number"
  case ambiguousScalar = "ambiguous-scalar"
  case compilerLimit = "compiler-limit"
  case tooManyDiagnostics = "too-many-diagnostics"

  // References
  case danglingReference = "dangling-reference"
  case invalidReference = "invalid-reference"
  case wrongTarget = "wrong-target"
  case referenceCycle = "reference-cycle"
  case unusedComponent = "unused-component"

  // Objects of both standards
  case wrongType = "wrong-type"
  case unsupportedVersion = "unsupported-version"
  case missingKey = "missing-key"
  case unknownKey = "unknown-key"
  case unsupportedKey = "unsupported-key"
  case repeatedItem = "repeated-item"
  case invalidName = "invalid-name"
  case nameClash = "name-clash"

  // Schemas
  case unknownKeyword = "unknown-keyword"
  case unsupportedKeyword = "unsupported-keyword"
  case misplacedKeyword = "misplaced-keyword"
  case missingType = "missing-type"
  case unknownType = "unknown-type"
  case unknownFormat = "unknown-format"
  case invalidPattern = "invalid-pattern"
  case impossibleBounds = "impossible-bounds"
  case invalidConst = "invalid-const"
  case invalidEnum = "invalid-enum"
  case invalidDefault = "invalid-default"
  case unnamedSchema = "unnamed-schema"
  case invalidNullable = "invalid-nullable"
  case invalidArray = "invalid-array"
  case invalidObject = "invalid-object"
  case invalidAllOf = "invalid-all-of"
  case invalidUnion = "invalid-union"
  case recursiveType = "recursive-type"
  case wrongDirection = "wrong-direction"
  case misplacedOwnView = "misplaced-own-view"

  // Operations
  case invalidPath = "invalid-path"
  case ambiguousPath = "ambiguous-path"
  case invalidServer = "invalid-server"
  case unknownSecurityScheme = "unknown-security-scheme"
  case invalidSecurity = "invalid-security"
  case invalidOperation = "invalid-operation"
  case unknownTag = "unknown-tag"
  case invalidParameter = "invalid-parameter"
  case invalidBody = "invalid-body"
  case invalidForm = "invalid-form"
  case invalidCache = "invalid-cache"
  case invalidResponse = "invalid-response"
  case invalidProblem = "invalid-problem"
  case unknownCode = "unknown-code"
  case missingCode = "missing-code"
  case invalidAccess = "invalid-access"
  case invalidRateLimit = "invalid-rate-limit"

  // Specs of others
  case leftOut = "left-out"

  // Events
  case invalidChannel = "invalid-channel"
  case invalidMessage = "invalid-message"
  case invalidEvent = "invalid-event"
  case invalidAcknowledgement = "invalid-acknowledgement"
  case bindingMismatch = "binding-mismatch"
  case invalidStream = "invalid-stream"

  // Examples and house rules
  case invalidStory = "invalid-story"
  case invalidExample = "invalid-example"
  case missingExample = "missing-example"
  case missingDescription = "missing-description"
  case unboundedString = "unbounded-string"
  case unboundedNumber = "unbounded-number"
  case unboundedArray = "unbounded-array"
  case nulInString = "nul-in-string"
  case openObject = "open-object"

  /// Whether it asks for more than the standards and the generator do.
  var isHouseRule: Bool {
    switch self {
    case .missingExample, .missingDescription, .unboundedString, .unboundedNumber, .unboundedArray, .nulInString,
      .openObject:
      true
    default: false
    }
  }

  /// Whether its message says all of its cause: what is missing is missing for all who name it.
  var isToldOnce: Bool {
    switch self {
    case .danglingReference, .unknownTag, .unknownSecurityScheme, .unknownCode: true
    default: false
    }
  }
}
