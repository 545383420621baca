/// The specs as they are served, `specDocuments()`, put here by SpecPlugin: a target of its own, so that a changed example
/// compiles nothing else anew.
