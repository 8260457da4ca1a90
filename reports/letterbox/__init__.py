"""背对背意见箱: letters without a name, their replies, and what becomes of them."""
