"""Close a market by hand."""
