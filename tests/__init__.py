"""The tests. A package, since an installed one bears the same name."""
