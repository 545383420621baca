/// The generated protocol: types, codecs, router and tables from `spec/`, put here by SpecPlugin.
