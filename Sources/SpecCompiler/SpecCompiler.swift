// SpecCompiler
