"""The register of information systems (信息系统): where the data of a department arises."""
