"""Tools that build the coach's assets, train its weights and benchmark it; none of them is shipped."""
