/// The generated protocol: types, codecs, router and tables from `spec/`, put here by SpecPlugin into
/// `.build/plugins/outputs/…/Generated/destination/SpecPlugin`. Where to look, for a tag such as `chats`:
///
/// - ChatsTypes.swift: what `spec/chats/` has for schemas, as Swift types.
/// - ChatsCodecs.swift: how they are read, checked and written as JSON.
/// - ChatsOperations.swift: `ChatsHandlers`, which is written by hand in Handlers, and what goes in and out of each
///   operation and client event.
/// - ChatsDispatch.swift: what is done around each: authentication, limits, decoding, access, encoding.
///
/// The same with `Shared` is of no one tag. For all tags together:
///
/// - API.swift: what the server calls. AccessPolicies.swift: who may, which is written by hand.
/// - Router.swift: which operation a method and path are. RateLimits.swift: how often.
/// - ServerEvents.swift: what the server sends. Streams.swift: in which order, and how a gap is closed.
/// - Problems.swift: the codes of refusals. Patterns.swift: what texts are checked by.
/// - Validators.swift: reads what another server answers, for the conformance suite.
///
/// The specs themselves are in GeneratedDocuments.
