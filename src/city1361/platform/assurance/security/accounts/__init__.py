"""Who people are: accounts, second factors, sessions, roles and dated appointments to posts."""
