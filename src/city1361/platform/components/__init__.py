"""横3 能力组件: what applications are built from."""
