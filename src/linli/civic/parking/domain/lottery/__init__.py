"""The lottery for bays: order by need, then chance that nobody holds in their hand."""
