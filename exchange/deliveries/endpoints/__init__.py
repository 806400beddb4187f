"""HTTP of deliveries: about them on the control role, the data itself on the data role."""
