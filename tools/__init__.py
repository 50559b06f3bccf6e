"""What a maintainer runs beside the tests."""
