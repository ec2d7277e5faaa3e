#!/usr/bin/env bash
# How the archives of this folder were made: allocataires.csv is what
# fixtures.CAF{Seed: 33, Households: 60} writes, the password is an invented one.
set -euo pipefail
zip -q -P 'Gironde-2021!' zipcrypto.zip allocataires.csv
7z a -tzip -mem=AES256 '-pGironde-2021!' aes256.zip allocataires.csv
7z a '-pGironde-2021!' aes256.7z allocataires.csv
7z a -mhe=on '-pGironde-2021!' aes256-names.7z allocataires.csv
