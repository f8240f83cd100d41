"""Stand-ins of the outside systems, over real HTTP. They import nothing of the hub, and it nothing of them."""
