extension Emitter {
  func emitProblems(_ writer: inout SwiftWriter) {
    writer.line("/// Status and title of every code, from `x-problems`.")
    writer.line("public let problemCatalog = ProblemCatalog([")
    writer.indented { writer in
      for problem in model.problems {
        writer.line("\(literal(problem.code)): .init(status: \(problem.status), title: \(literal(problem.title))),")
      }
    }
    writer.line("])")
    // Here, for this file is the last: all checks have their numbers.
    emitNumberedChecks(&writer)
  }
}
