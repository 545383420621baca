import Foundation
import Testing

@testable import JSONSchema

/// The JSON Schema Test Suite, all cases of all of its files. It is not part of the project: where the folder is absent
/// (a clone by itself), there is nothing to run.
private let suite = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../../shared/data/json-schema-test-suite").standardizedFileURL

/// What the judge says otherwise than the suite, by file, group and the reason. The test fails when one of these agrees.
private let unmet: [String: String] = [
  "ref.json: remote ref, containing refs itself": "the meta-schema of JSON Schema is no part of this project"
]

/// The same for single cases, by their data.
private let unmetData: [String: (reason: String, data: Set<String>)] = [
  "format/hostname.json": (
    "A-labels that break IDNA's rules for the code points that they encode (RFC 5892), which would need its tables",
    [
      "xn--X", "xn--07jt112bpxg.xn--9t4b11yi5a", "xn--hello-txk", "xn--hello-zed", "xn--hello-6bf", "xn--chb89f",
      "xn--07jceefgh4c", "xn--al-0ea", "xn--l-fda", "xn--la-0ea", "xn--l-gda", "xn--S-jib3p", "xn--wva3j",
      "xn--A-2hc5h", "xn--5db1e", "xn--A-2hc8h", "xn--5db3e", "xn--defabc-k64e", "xn--vek", "xn--ngb6iyr",
      "xn--11b2er09f", "xn--02b508i", "XN--aa---o47jg78q",
    ]
  )
]

private func files() throws -> [String] {
  try ["", "format/"].flatMap { folder in
    try FileManager.default.contentsOfDirectory(atPath: suite.appending(path: folder).path)
      .filter { $0.hasSuffix(".json") }.sorted().map { folder + $0 }
  }
}

@Test(.enabled(if: FileManager.default.fileExists(atPath: suite.path), "the JSON Schema Test Suite is not here"))
func theSuiteAgrees() throws {
  var cases = 0
  for file in try files() {
    let groups = try #require(JSONValue(parsing: Data(contentsOf: suite.appending(path: file))).items)
    for group in groups {
      let name = "\(file): \(try #require(group["description"]?.text))"
      let tests = try #require(group["tests"]?.items)
      let disagreeing = try disagreements(name, file, group, tests)
      if let reason = unmet[name] {
        #expect(!disagreeing.isEmpty, "listed (\(reason)), but agrees: \(name)")
      } else {
        for each in disagreeing { Issue.record("\(each)") }
      }
      cases += tests.count
    }
  }
  #expect(cases > 900)
}

/// The cases of a group whose answer is another one than the suite's; all, where its schema can't be understood.
private func disagreements(
  _ name: String, _ file: String, _ group: JSONValue, _ tests: [JSONValue]
) throws -> [String] {
  var library = SchemaLibrary()
  let schema: SchemaID
  do {
    try library.add(#require(group["schema"]), as: "https://suite.example/schema")
    schema = try library.schema(at: SchemaPlace(document: "https://suite.example/schema"))
  } catch let error as SchemaError {
    return tests.map { "\(name): \($0["description"]?.text ?? ""): \(error)" }
  }
  return try tests.compactMap { test in
    let data = try #require(test["data"])
    let findings = library.findings(in: data, by: schema)
    let agrees = findings.isEmpty == test["valid"]?.bool
    let isListed = unmetData[file]?.data.contains(data.text ?? "") ?? false
    guard agrees == isListed else { return nil }
    let what = isListed ? "listed, but agrees" : findings.first?.description ?? "is taken"
    return "\(name): \(test["description"]?.text ?? ""): \(what)"
  }
}
