"""Tests in a real browser on the reference city; one package, so that the city is loaded once for all of them."""
