print("meterbook")
