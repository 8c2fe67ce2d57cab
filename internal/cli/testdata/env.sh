export AWS_ENDPOINT_URL='http://localhost:4566'
export AWS_SHARED_CREDENTIALS_FILE='/it'\''s/here'
# AWS CLI 2.9.19 reads no AWS_ENDPOINT_URL
aws() { command aws --endpoint-url 'http://localhost:4566' "$@"; }
