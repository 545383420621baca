extension Emitter {
  func emitDocuments(_ writer: inout SwiftWriter) {
    writer.line("/// Status and title of every code, from `x-problems`.")
    writer.line("public let problemCatalog = ProblemCatalog([")
    writer.indented { writer in
      for problem in model.problems {
        writer.line("\(literal(problem.code)): .init(status: \(problem.status), title: \(literal(problem.title))),")
      }
    }
    writer.line("])")
    writer.line()
    writer.line("/// The specs that this code was made from, as they are served.")
    writer.block("public enum SpecDocuments") { writer in
      writer.line("public static let openapiYAML = ByteBuffer(staticString: \(literal(documents.openapiYAML)))")
      writer.line("public static let openapiJSON = ByteBuffer(staticString: \(literal(documents.openapiJSON)))")
      writer.line("public static let eventsYAML = ByteBuffer(staticString: \(literal(documents.eventsYAML)))")
      writer.line("public static let eventsJSON = ByteBuffer(staticString: \(literal(documents.eventsJSON)))")
    }
  }
}
