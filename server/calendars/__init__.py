"""Working-day calendars (工作日日历), for those who look after the service."""
