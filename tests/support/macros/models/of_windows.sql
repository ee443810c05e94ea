select
    id,
    cast({{ brewhouse_utils.last_known('n', 'g', ['k', 'id']) }} as decimal(10, 2)) as number_known,
    {{ brewhouse_utils.last_known('t', 'g', ['k', 'id']) }} as text_known,
    {{ brewhouse_utils.last_known('b', 'g', ['k desc', 'id']) }} as boolean_known
from raw.groups
