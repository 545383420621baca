import ProtocolRuntime

/// The pets, in memory.
actor Pets: PetsHandlers {
  /// So that nobody fills the memory.
  private static let limit = 10_000
  private var pets: [Pet] = []

  func listPets(_ input: Operations.ListPets.Input, context: RequestContext) -> Operations.ListPets.Output {
    .ok(Array(pets.prefix(input.query.limit)))
  }

  func addPet(_ input: Operations.AddPet.Input, context: RequestContext) -> Operations.AddPet.Output {
    guard pets.count < Self.limit else { return .refused(.unavailable, "The store is full.") }
    let pet = Pet(id: pets.count + 1, name: input.body.name, kind: input.body.kind)
    pets.append(pet)
    return .created(pet)
  }

  func getPet(_ input: Operations.GetPet.Input, context: RequestContext) -> Operations.GetPet.Output {
    guard input.path.id <= pets.count else { return .refused(.notFound, "There is no such pet.") }
    return .ok(pets[input.path.id - 1])
  }
}

/// The document asks nobody who they are.
struct Nobody: AccessPolicies, Authenticator {
  func authenticate(_ accessToken: String) -> Caller? { nil }
}

@main
enum Petstore {
  static func main() async throws {
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080
    let api = API(pets: Pets(), policies: Nobody(), authenticator: Nobody()) { fault, _ in print("fault: \(fault)") }
    let server = PlainHTTPServer {
      await api.respond(to: $0, operation: $1, segments: $2)
    } refuse: {
      api.problem($0, context: $1)
    }
    try await server.run(port: port)
  }
}
