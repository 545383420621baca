import Generated

/// All tags' handlers, policies and authentication together are what the generated API asks for.
extension ChatService: APIService {}
