"""The program as a process of this machine: streams, room, endings, imports that wait."""
