"""What leads to a seat (岗位变更): one office proposes it, another confirms it."""
