//! Property tests that need heavier dependencies than the library's own tests: each compares one part of `kurdistan`
//! with a naive model of it. The tests are in `tests/`.
