"""窗口即时评议: taps at a standing code, their sums by day, week and month, and what campaigns take of them."""
