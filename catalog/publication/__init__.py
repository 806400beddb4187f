"""Review and publish (统一发布): consent of the department head, review by the administration."""
