"""The test kit of KX/1: numbered cases that anybody who is a party can run against a node's address."""
