"""Tests of the JavaScript that needs no page; node runs them, Python says what to expect."""
