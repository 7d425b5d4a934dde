# Read by the scripts beside it: sets `password` from REDIS_PASSWORD_FILE or REDIS_PASSWORD.
password=${REDIS_PASSWORD-}
if [ -n "${REDIS_PASSWORD_FILE-}" ]; then
    password=$(cat "$REDIS_PASSWORD_FILE")
fi
case $password in
'' | *[!A-Za-z0-9._~-]*)
    echo 'REDIS_PASSWORD_FILE or REDIS_PASSWORD must hold a password of letters, digits and . _ ~ -' >&2
    exit 1
    ;;
esac
