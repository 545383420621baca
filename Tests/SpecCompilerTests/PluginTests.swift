import Testing

@testable import SpecCompiler

@Suite struct PluginTests {
  /// A plugin can't import the compiler, so it has the list of generated files once more.
  @Test(arguments: ["SpecPlugin", "OpenAPIPlugin"]) func pluginKnowsTheGeneratedFiles(plugin: String) throws {
    let source = SpecFixture.read("../../Plugins/\(plugin)/\(plugin).swift")
    let start = try #require(source.firstRange(of: "commonFileNames = [")).upperBound
    let end = try #require(source[start...].firstIndex(of: "]"))
    let names = source[start..<end].split(separator: "\"").filter { $0.hasSuffix(".swift") }
    #expect(names.map(String.init) == Emitter.commonFileNames)
  }
}
