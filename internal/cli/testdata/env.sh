export AWS_ENDPOINT_URL='http://localhost:4566'
export AWS_SHARED_CREDENTIALS_FILE='/it'\''s/here'
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_WEB_IDENTITY_TOKEN_FILE
# AWS CLI 2.9.19 reads no AWS_ENDPOINT_URL
aws() { command aws --endpoint-url 'http://localhost:4566' "$@"; }
