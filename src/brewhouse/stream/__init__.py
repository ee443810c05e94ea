"""A company that goes on after its window, thing after thing, into a warehouse that is in use."""
