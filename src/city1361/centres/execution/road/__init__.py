"""The road between units: routing, handing over, excluding time, rulings, receipts."""
