"""The check of offers and requests before publication: the Enterprise Europe Network's discipline."""
